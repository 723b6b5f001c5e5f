import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Airport } from '../airports/airport.entity.js';
import { State } from './state.entity.js';
import { StatesController } from './states.controller.js';
import { StatesService } from './states.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([State, Airport])],
  controllers: [StatesController],
  providers: [StatesService],
})
export class StatesModule {}
