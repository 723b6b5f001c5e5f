import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Flight } from '../flights/flight.entity.js';
import { NetworkController } from './network.controller.js';
import { NetworkService } from './network.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Flight])],
  controllers: [NetworkController],
  providers: [NetworkService],
})
export class NetworkModule {}
