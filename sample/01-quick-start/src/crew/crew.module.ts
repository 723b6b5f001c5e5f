import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CrewMember } from './crew-member.entity.js';
import { CrewController } from './crew.controller.js';
import { CrewService } from './crew.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([CrewMember])],
  controllers: [CrewController],
  providers: [CrewService],
})
export class CrewModule {}
